/** The log in the memory of one server: {@link ee.lmstudio.stream.memory.MemoryStreamLog}. */
package ee.lmstudio.stream.memory;
