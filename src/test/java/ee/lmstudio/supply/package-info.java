/** What the packaged server consists of: the build step that completes the SBOM, and its tests. */
package ee.lmstudio.supply;
