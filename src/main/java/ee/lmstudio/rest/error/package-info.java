/** What went wrong, as the HTTP contract tells it: exceptions to enveloped errors. */
package ee.lmstudio.rest.error;
