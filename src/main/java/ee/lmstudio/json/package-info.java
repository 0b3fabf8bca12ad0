/**
 * JSON binding for the server's small records. {@link ee.lmstudio.json.RecordJson} is the only
 * class that calls JSON-B. Event streams, request bodies and everything else that happens for each
 * token use JSON-P.
 */
package ee.lmstudio.json;
