/**
 * The files of {@code lm-studio.storage-dir}, which the server and the command line share. Start
 * with {@link ee.lmstudio.storage.Storage}. Imports {@code ee.lmstudio.sdk}.
 */
package ee.lmstudio.storage;
