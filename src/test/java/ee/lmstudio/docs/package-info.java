/** What the README says is what happens: its commands and its Java are run. */
package ee.lmstudio.docs;
