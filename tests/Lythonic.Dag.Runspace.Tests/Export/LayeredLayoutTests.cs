using Lythonic.Dag.Export;

namespace Lythonic.Dag.Runspace.Tests.Export;

public sealed class LayeredLayoutTests
{
    private const int Samples = 24;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_edge_runs_behind_a_node_and_no_node_lies_on_another(int seed)
    {
        var (sizes, edges, spacing) = RandomGraph(seed, hasCycles: seed % 5 == 0);

        var layout = LayeredLayout.Arrange(sizes, edges, spacing);

        Assert.Equal(edges.Count, layout.Routes.Count);
        for (var edge = 0; edge < edges.Count; edge++)
            AssertIsFree(layout, layout.Routes[edge], $"edge {edges[edge]} of graph {seed}");
        for (var one = 0; one < sizes.Count; one++)
        {
            AssertIsInside(layout, layout.Boxes[one]);
            for (var other = one + 1; other < sizes.Count; other++)
            {
                if (Overlap(layout.Boxes[one], layout.Boxes[other]))
                    Assert.Fail($"nodes {one} and {other} of graph {seed} overlap");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    public void The_same_graph_is_laid_out_the_same_way_each_time(int seed)
    {
        var (sizes, edges, spacing) = RandomGraph(seed, hasCycles: false);
        var (first, second) = (LayeredLayout.Arrange(sizes, edges, spacing), LayeredLayout.Arrange(sizes, edges, spacing));

        Assert.Equal(first.Boxes, second.Boxes);
        Assert.Equal(first.Routes.SelectMany(route => route.Points), second.Routes.SelectMany(route => route.Points));
    }

    [Fact]
    public void An_edge_begins_at_its_upstream_and_ends_at_its_downstream()
    {
        var layout = LayeredLayout.Arrange([(100, 40), (60, 40), (80, 40)], [(0, 1), (1, 2), (0, 2)], new LayerSpacing(false, 25));

        var far = layout.Routes[2].Points;
        Assert.Equal((layout.Boxes[0].X + 100, layout.Boxes[0].Y + 20), far[0]);
        Assert.Equal((layout.Boxes[2].X, layout.Boxes[2].Y + 20), far[^1]);
        Assert.True(layout.Boxes[0].X < layout.Boxes[1].X && layout.Boxes[1].X < layout.Boxes[2].X);
    }

    [Fact]
    public void Edges_that_need_not_cross_do_not()
    {
        // Three pairs, whose ends were added in the other order.
        var layout = LayeredLayout.Arrange(
            [.. Enumerable.Repeat((80d, 30d), 6)], [(0, 5), (1, 4), (2, 3)], new LayerSpacing(false, 25));

        var ends = layout.Routes.OrderBy(route => route.Points[0].Y).Select(route => route.Points[^1].Y).ToList();
        Assert.Equal(ends.Order(), ends);
    }

    [Fact]
    public void A_layer_of_many_nodes_becomes_several()
    {
        var edges = Enumerable.Range(1, 200).SelectMany(node => new[] { (0, node), (node, 201) }).ToList();

        var layout = LayeredLayout.Arrange([.. Enumerable.Repeat((100d, 26d), 202)], edges, new LayerSpacing(false, 25));

        Assert.True(layout.Boxes.GroupBy(box => box.X).Max(column => column.Count()) <= 25);
        Assert.InRange(layout.Height, 1, 2_000);
    }

    [Fact]
    public void A_graph_without_nodes_and_one_of_a_node_with_an_edge_to_itself_are_laid_out()
    {
        Assert.Empty(LayeredLayout.Arrange([], [], new LayerSpacing(false, 25)).Boxes);
        Assert.Empty(Assert.Single(LayeredLayout.Arrange([(50, 20)], [(0, 0)], new LayerSpacing(true, 25)).Routes).Points);
    }

    private static (List<(double Width, double Height)> Sizes, List<(int From, int To)> Edges, LayerSpacing Spacing) RandomGraph(
        int seed, bool hasCycles)
    {
        var random = new Random(seed);
        var count = random.Next(2, 40);
        var sizes = Enumerable.Range(0, count)
            .Select(_ => (Width: (double)random.Next(40, 200), Height: (double)random.Next(20, 60)))
            .ToList();
        var edges = new HashSet<(int From, int To)>();
        foreach (var _ in Enumerable.Range(0, random.Next(count, 3 * count)))
        {
            var (one, other) = (random.Next(count), random.Next(count));
            if (one != other)
                edges.Add(hasCycles || one < other ? (one, other) : (other, one));
        }

        return (sizes, [.. edges], new LayerSpacing(seed % 2 == 0, seed % 3 == 0 ? 4 : 25));
    }

    private static void AssertIsInside(GraphLayout layout, Box box) =>
        Assert.True(box.X >= 0 && box.Y >= 0 && box.X + box.Width <= layout.Width && box.Y + box.Height <= layout.Height);

    private static bool Overlap(Box one, Box other) =>
        one.X < other.X + other.Width && other.X < one.X + one.Width && one.Y < other.Y + other.Height && other.Y < one.Y + one.Height;

    private static void AssertIsFree(GraphLayout layout, Route route, string what)
    {
        foreach (var (x, y) in route.Points.Count == 0 ? [] : SamplesOf(route))
        {
            // There are millions of points, so make a message only for one that is wrong.
            foreach (var box in layout.Boxes)
            {
                if (x > box.X + 0.01 && x < box.X + box.Width - 0.01 && y > box.Y + 0.01 && y < box.Y + box.Height - 0.01)
                    Assert.Fail($"{what} runs behind the node at {box}");
            }
        }
    }

    private static IEnumerable<(double X, double Y)> SamplesOf(Route route)
    {
        for (var point = 1; point < route.Points.Count; point++)
        {
            var (from, to) = (route.Points[point - 1], route.Points[point]);
            var (start, end) = point % 2 == 1 ? Route.Bow(from, to, route.IsDown) : (from, to);
            for (var sample = 0; sample <= Samples; sample++)
            {
                var t = (double)sample / Samples;
                double Along(double a, double b, double c, double d) =>
                    (a * (1 - t) * (1 - t) * (1 - t)) + (3 * b * t * (1 - t) * (1 - t)) + (3 * c * t * t * (1 - t)) + (d * t * t * t);
                yield return (Along(from.X, start.X, end.X, to.X), Along(from.Y, start.Y, end.Y, to.Y));
            }
        }
    }
}
