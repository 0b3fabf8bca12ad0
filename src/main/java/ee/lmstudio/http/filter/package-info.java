/**
 * Filters that every request passes before a servlet or a resource handles it. Start with {@link
 * ee.lmstudio.http.filter.AccessFilter}, which refuses requests. {@link
 * ee.lmstudio.http.filter.OpenRequestsFilter} counts API calls for a graceful stop. Imports {@code
 * ee.lmstudio.access}, {@code ee.lmstudio.config}, {@code ee.lmstudio.server} and the packages
 * {@code http}, {@code http.body}, {@code http.error} and {@code http.session}.
 */
package ee.lmstudio.http.filter;
