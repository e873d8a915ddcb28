package dev.sluice.journal;

import dev.sluice.proxy.account.RequestRecord;
import java.util.List;

/** Where imported records go. Blocking; called by the journal's importer only. */
public interface RecordImport {

    /**
     * {@return the sequence number up to which this node's entries have been imported, 0 if none}
     */
    long importedUpTo(String node);

    /**
     * Writes the records and the new position in one transaction. A record whose id is already
     * there is left as it is.
     */
    void write(String node, long upTo, List<RequestRecord> records);
}
