-- Labels of revisions as they were deployed, so that usage and budgets can be told apart by them. They stay when the revision goes: its usage does, too.
-- Not part of the chain: no charge depends on them.

CREATE TABLE billing.revision_label (
    namespace text NOT NULL,
    revision  text NOT NULL,
    name      text NOT NULL,
    value     text NOT NULL,
    PRIMARY KEY (namespace, revision, name)
);

CREATE INDEX revision_label_value ON billing.revision_label (name, value);

-- Only calls of revisions that have all of these count: name=value,name=value.
ALTER TABLE billing.budget ADD labels text NOT NULL DEFAULT '';
