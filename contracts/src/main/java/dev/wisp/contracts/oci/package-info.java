/** OCI images as they cross borders: digests, manifests, and the one client that reads them from registries. */
@NullMarked
package dev.wisp.contracts.oci;

import org.jspecify.annotations.NullMarked;
