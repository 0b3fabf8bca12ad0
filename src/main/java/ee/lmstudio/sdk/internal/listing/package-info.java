/**
 * What LM Studio says of itself and its models, on whichever of its surfaces answer. Start with
 * {@link ee.lmstudio.sdk.internal.listing.ModelListing}.
 */
package ee.lmstudio.sdk.internal.listing;
