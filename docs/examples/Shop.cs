using System.Collections;
using Lythonic.Dag;
using Lythonic.Dag.Sqlite;

internal sealed class Shop(TextWriter log)
{
    public Dag Define()
    {
        var price = new Dag("price").Add("gross", Gross);
        return new Dag("shop")
            .Add("orders", Orders)
            .Add(DagNode.Map("prices", new SubDags(price)), ["orders"])
            .Add("total", Total, "prices")
            .Add("approve", Approve, "total");
    }

    public async Task RunAsync(string database)
    {
        var dag = Define();
        using var store = new SqliteProvenance(database);

        var run = await new DagRunner(dag, store).RunAsync(new Hashtable { ["day"] = "monday" });
        log.WriteLine($"{run.Status}: {run.Error}");

        var approval = new DagRunOptions { SourceInput = new Hashtable { ["approve"] = new Hashtable { ["approved"] = true } } };
        run = await new DagRunner(dag, store, approval).RestartAsync(run.RunId);
        log.WriteLine($"{run.Status}: {run.Outputs["approve"]}");

        var replay = await new DagRunner(dag, store, approval with { IncludeDownstream = true }).ReplayAsync(run.RunId, ["total"]);
        log.WriteLine($"replayed: {string.Join(", ", replay.Nodes.Select(node => $"{node.Label} {node.Status}"))}");

        var kept = await new DagRunner(dag).RunAsync(new Hashtable { ["day"] = "someday" });
        log.WriteLine($"{kept.Status} at {kept.FailedNode}: {kept.Error}");
        try
        {
            await new DagRunner(dag).RestartAsync(kept.RunId);
        }
        catch (DagException error)
        {
            log.WriteLine($"{error.Id}: {error.Message}");
        }
    }

    private static decimal[] Orders(string day) => day == "monday" ? [10m, 2.5m] : throw new ArgumentException($"no orders on {day}");

    private static async Task<decimal> Gross(decimal net, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return net * 1.2m;
    }

    private decimal Total(decimal[] prices)
    {
        Log($"{prices.Length} prices");
        return prices.Sum();
    }

    private string Approve(ShopContext context, decimal total, bool approved = false)
    {
        Log(context.Title);
        return approved ? $"{total:0.00} is approved" : throw new DagPauseException($"approve {total:0.00}");
    }

    // What a logger does: the node that is running is known, on whichever thread it runs.
    private void Log(string text) => log.WriteLine(NodeRunContext.Current is { } node ? $"[{node.Path} {node.NodeLabel}] {text}" : text);
}

internal sealed class ShopContext : DagContext
{
    public string Title => $"{DagName}, attempt {Attempt}";
}
