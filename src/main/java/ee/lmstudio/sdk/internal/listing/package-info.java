/**
 * Reads LM Studio's status and models from those endpoints that the server has. Start with {@link
 * ee.lmstudio.sdk.internal.listing.ModelListing}.
 */
package ee.lmstudio.sdk.internal.listing;
