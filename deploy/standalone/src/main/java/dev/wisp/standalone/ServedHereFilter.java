package dev.wisp.standalone;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.service.Services;
import dev.wisp.contracts.service.Services.Service;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Answers for resources of services that this process does not run: every resource class is in it, whatever it runs. */
final class ServedHereFilter {

    private final Services services;

    ServedHereFilter(@ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.services = Services.parse(services);
    }

    @ServerRequestFilter(preMatching = true)
    @Nullable
    Response refuse(ContainerRequestContext request) {
        Service owner = owner(request.getUriInfo().getPath());
        if (owner == null || services.runs(owner)) {
            return null;
        }
        Problem problem = Problem.of(
                        ErrorCode.NOT_SERVED_HERE, "%s is not among the services of this process".formatted(owner))
                .withHint("call the process that runs it, or start this one with more in " + Services.KEY);
        return Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem)
                .build();
    }

    static @Nullable Service owner(String path) {
        String relative = path.startsWith("/") ? path.substring(1) : path;
        if (relative.startsWith("v1/billing")
                || relative.startsWith("v1/usage")
                || relative.startsWith("v1/meters")
                || relative.startsWith("v1/live")
                || relative.startsWith("v1/console")
                || relative.startsWith("v1/overview")) {
            return Service.BILLING;
        }
        if (relative.endsWith("/logs") || relative.startsWith("v1/instances")) {
            return Service.NODE_RUNTIME;
        }
        if (relative.startsWith("v1/attempts")) {
            return Service.GATEWAY;
        }
        if (relative.endsWith("/decisions") || relative.startsWith("v1/nodes")) {
            return Service.AUTOSCALER;
        }
        if (relative.startsWith("apis")
                || relative.startsWith("v2")
                || relative.startsWith("v1/images")
                || relative.endsWith("/progress")) {
            return Service.FUNCTION_CONTROLLER;
        }
        return null;
    }
}
