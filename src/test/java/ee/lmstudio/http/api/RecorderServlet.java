package ee.lmstudio.http.api;

import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.ModelFilter;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Deployed with the tests: shows what was recorded, and uses the SDK as an application would. */
@WebServlet("/recorder")
public class RecorderServlet extends HttpServlet {
  @Inject transient EventRecorder recorder;
  @Inject transient CallRecorder calls;
  @Inject transient SdkContract sdk;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String of = request.getParameter("of");
    String answer =
        switch (request.getParameter("what")) {
          case "streamed" -> recorder.streamed(of).toString();
          case "downgraded" -> recorder.downgraded(of).toString();
          case "calls" -> calls.seen(of).toString();
          case "unblock" -> {
            recorder.unblock();
            yield "done";
          }
          case "chat" -> sdk.createChatCompletion(ChatRequest.of(of, "Hello")).content();
          default -> sdk.listModels(ModelFilter.ALL).models().get(0).id();
        };
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print(answer);
  }
}
