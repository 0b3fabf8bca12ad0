/**
 * What every request passes before a servlet or a resource sees it. Start with {@link
 * ee.lmstudio.http.filter.AccessFilter}, the gate. {@link
 * ee.lmstudio.http.filter.OpenRequestsFilter} counts API calls for a graceful stop. Imports {@code
 * ee.lmstudio.access}, {@code ee.lmstudio.config}, {@code ee.lmstudio.server} and the packages
 * {@code http}, {@code http.error} and {@code http.session}.
 */
package ee.lmstudio.http.filter;
