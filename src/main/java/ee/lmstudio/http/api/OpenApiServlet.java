package ee.lmstudio.http.api;

import ee.lmstudio.http.RouteTable;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/**
 * Answers {@code GET /openapi} with the description of the HTTP API as an OpenAPI document. The
 * document is written by hand; a test compares it with the resources.
 */
@WebServlet(RouteTable.OPENAPI)
public class OpenApiServlet extends HttpServlet {
  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("application/yaml");
    response.setCharacterEncoding("UTF-8");
    try (InputStream document = OpenApiServlet.class.getResourceAsStream("openapi.yaml")) {
      document.transferTo(response.getOutputStream());
    }
  }
}
