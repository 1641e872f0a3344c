package dev.wisp.controller.policy;

import dev.wisp.contracts.placement.NodeRequirement;
import dev.wisp.contracts.placement.NodeTerm;
import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.placement.PlacementSpec.Preference;
import dev.wisp.contracts.placement.Toleration;
import dev.wisp.controller.policy.ServiceDraft.NodeChoice;
import dev.wisp.controller.policy.ServiceDraft.Preferred;
import dev.wisp.controller.policy.ServiceDraft.Spread;
import dev.wisp.controller.policy.ServiceDraft.Tolerated;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads on which nodes a template's instances may run. */
final class PlacementPolicy {

    private static final String SPEC = "/spec/template/spec";
    private static final String AFFINITY = SPEC + "/affinity/nodeAffinity";
    private static final String REQUIRED =
            AFFINITY + "/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    private static final String PREFERRED = AFFINITY + "/preferredDuringSchedulingIgnoredDuringExecution";

    private final Findings findings;
    private final NodeTermReader terms;

    private PlacementPolicy(Findings findings) {
        this.findings = findings;
        this.terms = new NodeTermReader(findings);
    }

    static PlacementSpec placement(NodeChoice choice, Findings findings) {
        Findings own = new Findings();
        PlacementSpec placement = new PlacementPolicy(own).read(choice);
        findings.addAll(own.errors());
        return placement;
    }

    private PlacementSpec read(NodeChoice choice) {
        checkSize(SPEC + "/nodeSelector", choice.selector().size(), NodeTermReader.CONDITIONS_MAX);
        checkSize(REQUIRED, choice.required().size(), PlacementSpec.ENTRIES_MAX);
        checkSize(PREFERRED, choice.preferred().size(), PlacementSpec.ENTRIES_MAX);
        checkSize(SPEC + "/tolerations", choice.tolerations().size(), PlacementSpec.ENTRIES_MAX);
        if (!findings.isEmpty()) {
            return PlacementSpec.ANYWHERE;
        }
        ServicePolicy.checkLabels(SPEC + "/nodeSelector", choice.selector(), findings);
        List<NodeTerm> required = required(choice);
        List<Preference> preferred = preferred(choice.preferred());
        List<Toleration> tolerations = tolerations(choice.tolerations());
        String spreadBy = spreadBy(choice.spreads());
        return findings.isEmpty()
                ? new PlacementSpec(required, preferred, tolerations, spreadBy)
                : PlacementSpec.ANYWHERE;
    }

    /** The selector is one more condition of every term. */
    private List<NodeTerm> required(NodeChoice choice) {
        List<NodeRequirement> selected = new ArrayList<>();
        choice.selector()
                .forEach((label, value) -> selected.add(NodeRequirement.is(label, value == null ? "" : value)));
        List<NodeTerm> all = new ArrayList<>();
        for (int i = 0; i < choice.required().size(); i++) {
            List<NodeRequirement> requirements = new ArrayList<>(selected);
            requirements.addAll(
                    terms.requirements(REQUIRED + "/" + i, choice.required().get(i)));
            addTerm(all, requirements);
        }
        if (choice.required().isEmpty()) {
            addTerm(all, selected);
        }
        return all;
    }

    private static void addTerm(List<NodeTerm> terms, List<NodeRequirement> requirements) {
        if (!requirements.isEmpty()) {
            terms.add(new NodeTerm(requirements));
        }
    }

    private List<Preference> preferred(List<Preferred> written) {
        List<Preference> preferences = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            String at = PREFERRED + "/" + i;
            Integer weight = written.get(i).weight();
            List<NodeRequirement> requirements =
                    terms.requirements(at + "/preference", written.get(i).term());
            if (weight == null || weight < 1 || weight > 100) {
                findings.add(at + "/weight", "must be 1..100");
            } else if (!requirements.isEmpty()) {
                preferences.add(new Preference(weight, new NodeTerm(requirements)));
            }
        }
        return preferences;
    }

    private List<Toleration> tolerations(List<Tolerated> written) {
        TolerationReader reader = new TolerationReader(findings);
        List<Toleration> tolerations = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            Toleration toleration = reader.toleration(SPEC + "/tolerations/" + i, written.get(i));
            if (toleration != null) {
                tolerations.add(toleration);
            }
        }
        return tolerations;
    }

    private @Nullable String spreadBy(List<Spread> spreads) {
        String at = SPEC + "/topologySpreadConstraints/0";
        if (spreads.isEmpty()) {
            return null;
        }
        Spread spread = spreads.getFirst();
        String label = spread.topologyKey();
        if (label == null || !Names.isQualifiedName(label)) {
            findings.add(at + "/topologyKey", "is not a label name");
        }
        if (spread.maxSkew() != null && spread.maxSkew() != 1) {
            findings.add(at + "/maxSkew", "must be 1");
        }
        if (!"ScheduleAnyway".equals(spread.whenUnsatisfiable())) {
            findings.add(
                    at + "/whenUnsatisfiable",
                    "must be ScheduleAnyway: instances are spread as evenly as there is room");
        }
        return label;
    }

    private void checkSize(String at, int size, int max) {
        if (size > max) {
            findings.add(at, "has %d entries, at most %d".formatted(size, max));
        }
    }
}
