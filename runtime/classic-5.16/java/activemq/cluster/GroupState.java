package activemq.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the members of a group say about its election. Pure: everything is derived from one reading.
 *
 * @param members the registrations of this group, in any order
 */
record GroupState(List<Member> members) {
    GroupState {
        members = members.stream().sorted(Comparator.comparing(Member::sequence)).toList();
    }

    /** Number of members that are there; one that came back counts once, although its old registration lives on a while. */
    int liveMembers() {
        return (int) members.stream()
                .map(member -> member.container() == null ? member.sequence() : member.container())
                .distinct()
                .count();
    }

    /** The member that decides: the oldest registration. */
    Optional<Member> elector() {
        return members.stream().findFirst();
    }

    /** The member the elector names, if that one is alive. */
    Optional<Member> elected() {
        return elector().flatMap(elector -> members.stream()
                .filter(member -> member.sequence().equals(elector.elected()))
                .findFirst());
    }

    /** The elected member once it serves; until then it may be waiting for a slave's download. */
    Optional<Member> master() {
        return elected().filter(member -> member.address() != null);
    }

    /** The newest registration of a member, by its own name. */
    Optional<Member> newest(String container) {
        return members.stream()
                .filter(member -> container.equals(member.container()))
                .reduce((older, newer) -> newer);
    }

    /**
     * Why the election cannot come to an end before this member registers anew; empty while it may still do so by itself, and
     * whenever somebody is elected. Every one of these states is normal for a moment.
     */
    Optional<String> blockedBy(String container) {
        Optional<Member> own = newest(container);
        if (elected().isPresent() || own.isEmpty()) {
            return Optional.empty();
        }
        Member elector = elector().orElseThrow();
        if (own.get().equals(elector) && elector.elected() != null) {
            return Optional.of("this member is the elector and still names a master that is gone");
        }
        if (elector.elected() != null) {
            // Nobody reports a position while a master is named, so the -1 of this member says nothing.
            return Optional.empty();
        }
        if (own.get().position() < 0) {
            return Optional.of("this member does not report its position");
        }
        if (own.get().equals(elector) && members.stream().allMatch(member -> member.position() >= 0)) {
            return Optional.of("this member is the elector, knows every position, and elects nobody");
        }
        return Optional.empty();
    }
}
