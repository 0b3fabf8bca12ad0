/** The rules for packages and their imports. START HERE: {@code LayoutTest}. */
package ee.lmstudio.architecture;
