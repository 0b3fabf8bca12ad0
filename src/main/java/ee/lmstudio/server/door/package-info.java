/**
 * The door of the packaged server: the part that sees every connection and every request before
 * Payara does, and every answer after Payara. It runs in Payara's class loader, in a jar of its
 * own, and the WAR does not contain it. Start with {@link ee.lmstudio.server.door.Door}. Imports
 * Grizzly only.
 */
package ee.lmstudio.server.door;
