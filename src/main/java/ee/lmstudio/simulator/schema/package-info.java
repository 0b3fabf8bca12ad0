/**
 * Values that obey a JSON schema. Start with {@link ee.lmstudio.simulator.schema.SchemaExample}.
 *
 * <p>{@code SchemaDocument} knows the references of a schema, {@code ValueMaker} makes a value,
 * {@code SchemaCheck} tells whether a value obeys. Imports the JDK, JSON-P and {@link
 * ee.lmstudio.simulator.writing}.
 */
package ee.lmstudio.simulator.schema;
