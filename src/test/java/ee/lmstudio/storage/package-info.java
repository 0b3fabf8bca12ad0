/** Tests of the files that the server and the command line share. */
package ee.lmstudio.storage;
