/** Tests of the command line: in this process, and through the real script. */
package ee.lmstudio.cli;
