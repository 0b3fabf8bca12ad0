/**
 * The HTTP side of the WAR. Start with {@link ee.lmstudio.http.RouteTable}: it says for every path
 * prefix who may use it, in which form it answers errors, and which limits apply. The filters and
 * the error answers read that table; a test holds the OpenAPI document to it.
 *
 * <ul>
 *   <li>{@code http.filter}: checks that every request passes before a servlet or a resource
 *       handles it
 *   <li>{@code http.body}: reads request bodies without holding a thread
 *   <li>{@code http.session}: signing in and out by browser
 *   <li>{@code http.error}: error codes and error answers
 *   <li>{@code http.api}: this server's own JSON API; {@code http.events}: event streams
 * </ul>
 *
 * <p>This package imports {@code ee.lmstudio.config} only.
 */
package ee.lmstudio.http;
