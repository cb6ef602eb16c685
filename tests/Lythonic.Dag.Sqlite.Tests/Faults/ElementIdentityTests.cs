using System.Collections;
using System.Globalization;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>Maps over dictionaries whose runs go on in other processes: with other hash seeds, and in other cultures.</summary>
public sealed class ElementIdentityTests : IDisposable
{
    private static readonly string[] Cultures = ["en-US", "da-DK", "tr-TR", "cs-CZ"];

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_key_has_its_own_result_and_no_element_runs_twice_in_processes_of_other_hash_seeds_and_cultures()
    {
        RunToTheEnd(Cultures, () => { });

        AssertOutputs();
        var said = File.ReadAllLines(_folder.PathOf("log"));
        Assert.Equal(said.Distinct(), said);
    }

    [Fact]
    public void A_run_of_a_file_that_knows_keys_as_text_alone_gives_every_key_its_own_result()
    {
        // As in the first two versions of the file, which also mixed up ordinals.
        RunToTheEnd(Cultures, () => _folder.Query(
            "DELETE FROM node_elements; UPDATE run SET element_id = NULL, ordinal = (ordinal * 7) % 11 "
            + "WHERE parent IS NOT NULL; SELECT 1"));

        AssertOutputs();
    }

    [Fact]
    public void A_stored_element_of_one_key_with_the_input_of_another_is_not_used()
    {
        RunToTheEnd(Cultures, () => _folder.Query(
            """
            DELETE FROM node_elements; UPDATE run SET element_id = NULL WHERE parent IS NOT NULL;
            UPDATE run SET element_key = CASE element_key WHEN 'aa' THEN 'ch' WHEN 'ch' THEN 'aa' ELSE element_key END
            WHERE parent IS NOT NULL;
            SELECT 1
            """));

        AssertOutputs();
    }

    // A process ends with the first failures; the next one goes on.
    private void RunToTheEnd(string[] cultures, Action afterFirst)
    {
        for (var round = 0; ; round++)
        {
            Assert.InRange(round, 0, 9);
            using var process = ChildProcess.Start("keys", _folder.Database, _folder.PathOf("log"), cultures[round % cultures.Length]);
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.InRange(process.ExitCode, 0, 1);
            if (process.ExitCode == 0)
            {
                Assert.NotEqual(0, round);
                return;
            }

            if (round == 0)
                afterFirst();
        }
    }

    private void AssertOutputs()
    {
        using var store = new SqliteProvenance(_folder.Database);
        var run = store.FindRun(ChildProcess.RunId)!;
        var outputs = store.GetNodeRuns(run)
            .ToDictionary(node => node.Label, node => new JsonValueCodec().Decode(store.GetText(store.GetOutput(node)!)));
        foreach (var (label, make) in KeyedWorkload.Dictionaries)
        {
            var (given, output) = (make(), (IDictionary)outputs[label]!);
            Assert.Equal(given.Count, output.Count);
            foreach (DictionaryEntry entry in given)
                Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{label} {entry.Value}"), output[entry.Key]);
        }

        Assert.Equal(KeyedWorkload.Set.Select(word => $"set {word}").Order(StringComparer.Ordinal),
            ((object[])outputs["set"]!).Cast<string>().Order(StringComparer.Ordinal));
    }
}
