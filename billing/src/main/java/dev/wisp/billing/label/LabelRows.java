package dev.wisp.billing.label;

import dev.wisp.contracts.revision.RevisionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/** The table of labels. */
final class LabelRows {

    private LabelRows() {}

    /** In place of those that a revision of that name had before. */
    static void put(Connection connection, Map<RevisionId, Map<String, String>> revisions) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                        "DELETE FROM billing.revision_label WHERE namespace = ? AND revision = ?");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO billing.revision_label (namespace, revision, name, value) VALUES (?, ?, ?, ?)")) {
            for (Map.Entry<RevisionId, Map<String, String>> revision : revisions.entrySet()) {
                delete.setString(1, revision.getKey().namespace());
                delete.setString(2, revision.getKey().name());
                delete.addBatch();
                for (Map.Entry<String, String> label : revision.getValue().entrySet()) {
                    insert.setString(1, revision.getKey().namespace());
                    insert.setString(2, revision.getKey().name());
                    insert.setString(3, label.getKey());
                    insert.setString(4, label.getValue());
                    insert.addBatch();
                }
            }
            delete.executeBatch();
            insert.executeBatch();
        }
    }
}
