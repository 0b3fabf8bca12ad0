/**
 * What all HTTP APIs of this server read from a request: JSON bodies with their limits, fields that
 * all generations share, and headers.
 */
package ee.lmstudio.http.request;
