using System.Text;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

/// <summary>Many short texts in few arrays.</summary>
public sealed class TextPagesTests
{
    [Fact]
    public void Every_text_comes_back_whatever_its_length_and_however_many_there_are()
    {
        string[] texts = [.. Enumerable.Range(1, 2_000).Select(length => new string('é', length % 700)), new string('x', 200_000), "last"];
        var pages = new TextPages();

        var places = Array.ConvertAll(texts, text => pages.Add(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(texts, places.Select(place => Encoding.UTF8.GetString(pages.At(place).Span)));
    }
}
