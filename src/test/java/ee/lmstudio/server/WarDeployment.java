package ee.lmstudio.server;

import java.io.File;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * The archive that Arquillian deploys: the WAR of {@code mvn package} and the classes of a test.
 */
final class WarDeployment {

  /** The settings of the server that is being started. Only one starts at a time. */
  private static PayaraServer.Builder wanted;

  private WarDeployment() {}

  static void of(PayaraServer.Builder builder) {
    wanted = builder;
  }

  /** Payara Micro takes the context root from the archive's name. */
  @Deployment(testable = false)
  public static WebArchive war() {
    String name = wanted.contextRoot().isEmpty() ? "ROOT" : wanted.contextRoot();
    return ShrinkWrap.create(ZipImporter.class, name + ".war")
        .importFrom(new File(System.getProperty("war")))
        .as(WebArchive.class)
        .addClasses(wanted.testClasses());
  }
}
