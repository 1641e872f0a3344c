package dev.wisp.billing;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.KafkaBus;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What the standalone process adds to the modules. */
final class BillingTestBeans {

    @Produces
    @Singleton
    Bus bus(@ConfigProperty(name = "wisp.kafka.bootstrap-servers") String bootstrapServers) {
        return new KafkaBus(bootstrapServers, "billing-it");
    }

    void close(@Disposes Bus bus) {
        bus.close();
    }

    @ServerExceptionMapper
    Response problem(ProblemException e) {
        return Response.status(e.problem().status())
                .type(Problem.MEDIA_TYPE)
                .entity(e.problem())
                .build();
    }
}
