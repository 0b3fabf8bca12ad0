/** Tests that compare the documents with the source, and run their commands and Java blocks. */
package ee.lmstudio.docs;
