using System.Security;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed record Point(int X, long Y);

public sealed record Route((Point From, Point To) Ends, KeyValuePair<string, Point> Stop);

public sealed record Outcome(Exception Error);

public sealed record Order(string Id, IReadOnlyList<Line> Lines, Color Color, DateTime? Shipped)
{
    public Dictionary<string, Point> Places { get; init; } = [];

    public decimal Total => Lines.Sum(line => line.Price);
}

public sealed class Line
{
    public string Name { get; set; } = "";

    public decimal Price { get; set; }

    public Point? At { get; set; }
}

public struct Size
{
    public int Width { get; set; }

    public int Height { get; set; }
}

public enum Color
{
    Red,
    Green,
}

public sealed class Chain
{
    public int Number { get; set; }

    public Chain? Next { get; set; }
}

public sealed class Cart
{
    private readonly List<string> _notes = [];

    public List<string> Names { get; } = ["first"];

    public Dictionary<string, Point> Places { get; } = [];

    public HashSet<int> Numbers { get; } = [];

    public IReadOnlyList<string> Notes => _notes;

    public IReadOnlyList<string> Sorted => [.. Names.Order()];

    public IReadOnlyList<string> Broken => throw new InvalidOperationException(Names[0]);

    public void Note(string note) => _notes.Add(note);
}

public sealed class Sealed
{
    private readonly List<string> _notes = [];

    public IReadOnlyList<string> Notes => _notes.AsReadOnly();

    public void Note(string note) => _notes.Add(note);
}

public sealed record Alias(List<int> Numbers)
{
    public List<int> Same => Numbers;
}

public sealed class Live
{
    public string Name { get; } = "live";

    public string Password { get; } = "hunter2";

    public string Broken => throw new InvalidOperationException(Name);

    public Live Self => this;

    public SecureString? Secret { get; init; }

    public string this[int index] => "x";
}
