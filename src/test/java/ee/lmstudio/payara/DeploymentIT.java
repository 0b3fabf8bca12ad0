package ee.lmstudio.payara;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class DeploymentIT {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Test
  void builtWar_isDeployedOnLoopbackOnly(PayaraServer server) throws Exception {
    HttpResponse<String> response =
        CLIENT.send(
            HttpRequest.newBuilder(server.url("no-such-page")).build(), BodyHandlers.ofString());

    assertThat(response.statusCode()).isIn(401, 404);
    assertThat(server.log())
        .contains("ai was successfully deployed")
        .contains("http-listener.address=${lm-studio.listen-address}");
  }
}
