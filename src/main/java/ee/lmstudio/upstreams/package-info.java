/** How the server reaches the LM Studio machines. */
package ee.lmstudio.upstreams;
