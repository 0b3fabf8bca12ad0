/**
 * Reads request bodies without holding a thread. Start with {@link
 * ee.lmstudio.http.body.RequestBodies}: the access filter hands every admitted request to it, and
 * the application gets the request when its body is in memory. {@link
 * ee.lmstudio.http.body.UnfinishedBodies}, {@link ee.lmstudio.http.body.BodyMemory} and {@link
 * ee.lmstudio.http.body.FairGate} are the bounds that callers share. Imports {@code
 * ee.lmstudio.config}, {@code ee.lmstudio.server} and the packages {@code http}, {@code http.error}
 * and {@code http.events}.
 */
package ee.lmstudio.http.body;
