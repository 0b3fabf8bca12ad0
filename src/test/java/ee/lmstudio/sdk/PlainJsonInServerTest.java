package ee.lmstudio.sdk;

import ee.lmstudio.upstreams.RestClientJson;

/** Plain JSON through MicroProfile Rest Client, as the server sends it. */
class PlainJsonInServerTest extends PlainJsonContract {
  PlainJsonInServerTest() {
    super(RestClientJson::connect);
  }
}
