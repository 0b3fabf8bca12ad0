package consumer;

import ee.lmstudio.sdk.LmStudioSettings;
import jakarta.ws.rs.client.ClientBuilder;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;
import org.glassfish.jersey.client.ClientConfig;

/** Uses the SDK as somebody else would: one dependency, no container. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    LmStudioSettings settings = LmStudioSettings.at("http://127.0.0.1:1234/v1/");
    ClientConfig config = new ClientConfig().connectorProvider(new Apache5ConnectorProvider());
    try (var client = ClientBuilder.newClient(config)) {
      client.target(settings.baseUrl()).request().buildGet();
    }
    System.out.println("consumer: " + settings.baseUrl());
  }
}
