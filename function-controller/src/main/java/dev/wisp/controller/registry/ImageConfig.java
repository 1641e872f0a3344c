package dev.wisp.controller.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.contracts.oci.OciParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an image says about the process it wants to be. Labels, health checks and hooks are left out on purpose: nothing in an image
 * configures the platform.
 *
 * @param os empty when it does not say
 * @param architecture empty when it does not say
 * @param workingDir empty means the root folder
 * @param user empty means root
 * @param exposedPorts TCP ports, as written in the image
 * @param stopSignal name or number, empty means SIGTERM
 * @param volumes folders for data, as written in the image
 */
public record ImageConfig(
        String os,
        String architecture,
        List<String> entrypoint,
        List<String> cmd,
        Map<String, String> env,
        String workingDir,
        String user,
        List<Integer> exposedPorts,
        String stopSignal,
        List<String> volumes) {

    private static final int ITEMS_MAX = 4096;
    private static final int VOLUMES_MAX = 16;

    public ImageConfig {
        entrypoint = List.copyOf(entrypoint);
        cmd = List.copyOf(cmd);
        env = Map.copyOf(env);
        exposedPorts = List.copyOf(exposedPorts);
        volumes = List.copyOf(volumes);
    }

    /** Reads an image's configuration; throws {@link IllegalArgumentException} saying what is wrong with it. */
    static ImageConfig parse(byte[] document) {
        JsonNode root = OciParser.json(document);
        JsonNode process = root.path("config");
        return new ImageConfig(
                text(root, "os"),
                text(root, "architecture"),
                words(process, "Entrypoint"),
                words(process, "Cmd"),
                env(words(process, "Env")),
                text(process, "WorkingDir"),
                text(process, "User"),
                ports(process.path("ExposedPorts")),
                text(process, "StopSignal"),
                volumes(process.path("Volumes")));
    }

    Platform platform() {
        return new Platform(os, architecture);
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        return plain(value, field);
    }

    /** NUL ends a C string: a process would see another text than whoever read it here. */
    private static String plain(JsonNode value, String field) {
        if (!value.isTextual() || value.textValue().indexOf('\0') >= 0) {
            throw new IllegalArgumentException("its configuration has a %s that is not text".formatted(field));
        }
        return value.textValue();
    }

    private static List<String> words(JsonNode node, String field) {
        JsonNode list = node.path(field);
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        if (!list.isArray() || list.size() > ITEMS_MAX) {
            throw new IllegalArgumentException(
                    "its configuration has a %s that is not a list of at most %d texts".formatted(field, ITEMS_MAX));
        }
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(plain(word, field)));
        return words;
    }

    /** Of two settings of one variable the last counts; what has no name is none. */
    private static Map<String, String> env(List<String> settings) {
        Map<String, String> env = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals > 0) {
                env.put(setting.substring(0, equals), setting.substring(equals + 1));
            }
        }
        return env;
    }

    private static List<Integer> ports(JsonNode exposed) {
        List<Integer> ports = new ArrayList<>();
        exposed.fieldNames().forEachRemaining(name -> {
            if (name.matches("[0-9]{1,5}(/tcp)?") && ports.size() < ITEMS_MAX) {
                int port = Integer.parseInt(name.replace("/tcp", ""));
                if (port > 0 && port <= 65_535) {
                    ports.add(port);
                }
            }
        });
        return ports;
    }

    private static List<String> volumes(JsonNode declared) {
        if (declared.size() > VOLUMES_MAX) {
            throw new IllegalArgumentException(
                    "its configuration declares %d volumes, at most %d".formatted(declared.size(), VOLUMES_MAX));
        }
        List<String> volumes = new ArrayList<>();
        declared.fieldNames().forEachRemaining(path -> {
            if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("its configuration has a volume that is not an absolute path");
            }
            volumes.add(path);
        });
        return volumes;
    }
}
