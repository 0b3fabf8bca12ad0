/**
 * The beans behind the Faces pages, thin. Start with {@link ee.lmstudio.web.LoginBean}. Imports
 * {@code ee.lmstudio.access} and {@code ee.lmstudio.http}.
 */
package ee.lmstudio.web;
