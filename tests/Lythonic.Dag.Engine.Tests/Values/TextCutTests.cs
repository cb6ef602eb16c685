using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Values;

public sealed class TextCutTests
{
    private const string Pairs = "a\U0001F600\U0001F600\U0001F600b";

    [Fact]
    public void A_short_text_is_left_whole() => Assert.Equal("abc", TextCut.After("abc", 3));

    [Theory]
    [InlineData("three short words", 17, "three short words")]
    [InlineData("three short words", 16, "three short…")]
    [InlineData("three short words", 12, "three short…")]
    [InlineData("three, short words", 10, "three…")]
    [InlineData("a/path/without/any/space", 10, "a/path/wi…")]
    [InlineData("a longishword", 9, "a longis…")]
    public void A_sentence_is_cut_behind_a_word_if_there_is_one(string text, int length, string shown) =>
        Assert.Equal(shown, TextCut.AtWord(text, length));

    [Fact]
    public void A_long_text_ends_in_a_mark() => Assert.Equal("ab…", TextCut.After("abc", 2));

    [Theory]
    [InlineData(2, "a…")]
    [InlineData(3, "a\U0001F600…")]
    [InlineData(4, "a\U0001F600…")]
    public void A_surrogate_pair_is_kept_whole_or_left_out(int length, string shown) => Assert.Equal(shown, TextCut.After(Pairs, length));

    [Theory]
    [InlineData("/srv/in/batch-7/part-1.csv", 26, "/srv/in/batch-7/part-1.csv")]
    [InlineData("/srv/in/batch-7/part-1.csv", 25, "…/in/batch-7/part-1.csv")]
    [InlineData("/srv/in/batch-7/part-1.csv", 22, "…/batch-7/part-1.csv")]
    [InlineData("/srv/in/batch-7/part-1.csv", 12, "…/part-1.csv")]
    [InlineData("/srv/in/batch-7/part-1.csv", 11, "…part-1.csv")]
    [InlineData("C:\\data\\in\\part-1.csv", 16, "…\\in\\part-1.csv")]
    [InlineData("/srv/in/batch-7/", 12, "…/batch-7/")]
    [InlineData("https://shop.example/api/v2/customers/1234", 44, "https://shop.example/api/v2/customers/1234")]
    [InlineData("https://shop.example/api/v2/customers/42", 39, "https://shop.example/…/v2/customers/42")]
    [InlineData("https://a.example/api/v2/very/long/customers/42", 40, "https://a.example/…/long/customers/42")]
    [InlineData("https://shop.example/api/v2/customers/42", 27, "…/api/v2/customers/42")]
    [InlineData("no separator at all", 9, "no s… all")]
    public void The_end_of_a_path_is_kept(string path, int length, string shown) => Assert.Equal(shown, TextCut.Path(path, length));

    [Theory]
    [InlineData("parse[/srv/in/part-1.csv]: no date", "parse[…/part-1.csv]: no date")]
    [InlineData("all[/srv/in/northern]/each[/srv/in/north/part-1.csv]/parse", "all[…/in/northern]/each[…/part-1.csv]/parse")]
    [InlineData("parse[/srv/in/part-1.csv]", "parse[…/part-1.csv]")]
    [InlineData("parse[short]: $x[/srv/in/part-1.csv] is no file", "parse[short]: $x[/srv/in/part-1.csv] is no file")]
    public void The_long_keys_of_a_path_are_cut(string path, string shown) => Assert.Equal(shown, TextCut.Keys(path, 14));

    [Theory]
    [InlineData(3, "a…b")]
    [InlineData(5, "a…b")]
    [InlineData(7, "a\U0001F600…\U0001F600b")]
    public void What_is_left_out_of_the_middle_has_whole_pairs(int length, string shown) =>
        Assert.Equal(shown, TextCut.Middle(Pairs, length));
}
