/**
 * The command line {@code bin/lmstudio}. It works without the server. Start with {@link
 * ee.lmstudio.cli.LmStudioCli}: each command is one class. Imports {@code ee.lmstudio.storage},
 * {@code ee.lmstudio.config}, {@code ee.lmstudio.simulator} and {@code ee.lmstudio.sdk}.
 */
package ee.lmstudio.cli;
