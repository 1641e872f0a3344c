package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.Descriptor;
import dev.wisp.contracts.oci.Digest;

/** One repository to read documents from, wherever it is. Failures are problems of group E11. */
interface ImageSource {

    byte[] manifest(String tag);

    byte[] manifest(Digest digest);

    byte[] document(Descriptor blob);
}
