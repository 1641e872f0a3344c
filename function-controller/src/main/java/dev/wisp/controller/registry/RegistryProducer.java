package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.RegistryClient;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the registry's parts from its settings. None of them touches the disk or the network until it is used. */
@Dependent
final class RegistryProducer {

    @Produces
    @Singleton
    BlobStore store(RegistrySettings settings) {
        return new BlobStore(settings.folder());
    }

    @Produces
    @Singleton
    UploadedImages uploads(BlobStore store) {
        return new UploadedImages(store);
    }

    @Produces
    @Singleton
    ImageImporter importer(BlobStore store, RegistrySettings settings) {
        UploadSpool.Limits limits = new UploadSpool.Limits(
                settings.uploadMax().asLongValue(), settings.diskReserve().asLongValue());
        return new ImageImporter(store, limits, Platform.host());
    }

    @Produces
    @Singleton
    RegistryClient client(RegistrySettings settings) {
        return new RegistryClient(settings.answerTimeout());
    }

    void close(@Disposes RegistryClient client) {
        client.close();
    }

    @Produces
    @Singleton
    ImageResolver resolver(UploadedImages uploads, RegistryClient client, RegistrySettings settings) {
        return new RegistryImageResolver(uploads, client, Platform.host(), settings.address());
    }
}
