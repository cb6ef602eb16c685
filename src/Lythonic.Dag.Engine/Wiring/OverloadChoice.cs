namespace Lythonic.Dag.Wiring;

/// <summary>Picks the signature of a node whose parameters the wiring fills.</summary>
internal static class OverloadChoice
{
    /// <summary>Wires every signature and picks the one that fits.</summary>
    /// <param name="node">The node.</param>
    /// <param name="edges">Its edges, in order.</param>
    /// <param name="given">The source input for it, by parameter.</param>
    /// <param name="problems">The list that problems are added to.</param>
    /// <returns>The wiring; <see langword="null"/> if there is a problem.</returns>
    public static SignatureWiring? Pick(
        DagNode node, IReadOnlyList<UpstreamEdge> edges, IReadOnlyDictionary<string, object?> given, List<DagProblem> problems)
    {
        if (node.Code!.Signatures is [var only])
        {
            var wired = SignatureWiring.Wire(node, only, edges, given);
            problems.AddRange(wired.Problems);
            return wired.Problems.Count == 0 ? wired : null;
        }

        var all = node.Code.Signatures.Select(signature => SignatureWiring.Wire(node, signature, edges, given)).ToList();
        var fitting = all.Where(wiring => wiring.Problems.Count == 0).ToList();
        if (fitting.Count == 0)
        {
            problems.Add(Problem(node, $"No overload of '{node.Code.Description}' fits node '{node.Label}'", all));
            return null;
        }

        var best = Best(fitting);
        if (best.Count == 1)
            return best[0];
        problems.Add(Problem(node, $"{best.Count} overloads of '{node.Code.Description}' fit node '{node.Label}'", best));
        return null;
    }

    /// <summary>The overload of a method whose only parameter takes an element of a declared type.</summary>
    public static NodeSignature? ForElement(DagNode node, Type? element, List<DagProblem> problems)
    {
        var signatures = node.Code!.Signatures;
        if (signatures.Count == 1)
            return signatures[0];
        var open = signatures.Where(signature => Open(node, signature).Count(parameter => parameter.IsMandatory) == 1).ToList();
        var byType = open
            .Where(signature => Open(node, signature).Any(parameter => parameter.IsMandatory && parameter.Type == element))
            .ToList();
        var best = byType.Count == 1 ? byType : open;
        if (best.Count == 1)
            return best[0];
        problems.Add(Ambiguous(
            node,
            $"{(best.Count == 0 ? "No overload" : $"{best.Count} overloads")} of '{node.Code.Description}' "
            + $"fit the element that node '{node.Label}' gets",
            (best.Count == 0 ? signatures : best).Select(signature => signature.Description)));
        return null;
    }

    /// <summary>The parameters that no constant fills.</summary>
    public static IReadOnlyList<NodeParameter> Open(DagNode node, NodeSignature signature) =>
        [.. signature.Parameters.Where(parameter => !node.Settings.Constants.Keys.Any(parameter.GoesBy))];

    // If one overload needs an output twice and another needs it once, the first is not the one that was meant.
    private static List<SignatureWiring> Best(List<SignatureWiring> fitting)
    {
        var best = fitting
            .GroupBy(wiring => wiring.Shared).MinBy(group => group.Key)!
            .GroupBy(wiring => (wiring.FilledCount, wiring.TypeMatches, -wiring.Unfilled)).MaxBy(group => group.Key)!
            .ToList();
        var first = best[0].Signature.Parameters;
        // If overloads differ only in what the engine passes, such as a token, choose the one that takes more of it.
        return best.TrueForAll(wiring => wiring.Signature.Parameters.SequenceEqual(first))
            ? [best.MaxBy(wiring => wiring.Signature.InjectedCount)!]
            : best;
    }

    private static DagProblem Problem(DagNode node, string what, List<SignatureWiring> wirings) =>
        Ambiguous(node, what, wirings.Select(wiring => wiring.Signature.Description));

    private static DagProblem Ambiguous(DagNode node, string what, IEnumerable<string> signatures) =>
        new(
            DagErrorId.DagMethodAmbiguous,
            node.Label,
            $"{what}: {string.Join("; ", signatures.Take(12))}.")
        {
            Remedy = new(DagRemedyKind.ChooseOverload),
        };
}
