/**
 * The beans behind the Faces pages. Start with {@link ee.lmstudio.web.LoginBean}. Imports {@code
 * ee.lmstudio.access}.
 */
package ee.lmstudio.web;
