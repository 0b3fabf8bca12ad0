module consumer {
  requires ee.lmstudio.sdk;
  requires jdk.httpserver;
}
