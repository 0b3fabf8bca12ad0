/** The layout of {@code docs/architecture} as rules. START HERE: {@code LayoutTest}. */
package ee.lmstudio.architecture;
