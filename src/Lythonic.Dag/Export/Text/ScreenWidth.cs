using System.Globalization;

namespace Lythonic.Dag.Export;

/// <summary>Finds how wide the screen is that shows tables.</summary>
internal static class ScreenWidth
{
    private const int FullTable = 80;
    private const int Guess = 80;
    private const int WideTable = 120;

    private static readonly string[] CulturesWithWords = ["en", "fr", "de", "it", "pt", "es"];

    /// <summary>The kind of screen that a table is made for.</summary>
    public static ScreenKind Kind => Columns switch
    {
        0 => ScreenKind.Unseen,
        < FullTable => ScreenKind.Narrow,
        < WideTable => ScreenKind.Usual,
        _ => ScreenKind.Wide,
    };

    /// <summary>The width of the last column of a table; a guess if nobody sees the screen.</summary>
    /// <param name="taken">How many columns of the screen the rest of the table takes.</param>
    public static int Beside(int taken) => Math.Max(1, (Columns is > 0 and var screen ? screen : FullTable) - taken - 1);

    /// <summary>
    /// The width of a column whose text must be broken at words, as PowerShell breaks it inside words in most cultures, and a path in all.
    /// <see langword="null"/> if nobody sees the screen, so that the width is not known, and PowerShell breaks at words.
    /// </summary>
    /// <param name="taken">How many columns of the screen the rest of the table takes.</param>
    /// <param name="columns">How many columns of equal width share what is left.</param>
    public static int? FoldBeside(int taken, int columns = 1)
    {
        var screen = Columns;
        return taken <= 0 || (screen == 0 && BreaksAtWords) ? null
            : ((screen == 0 ? FullTable : screen) - taken - 1) / columns is > 0 and var width ? width
            : null;
    }

    // PowerShell breaks texts at words in the cultures that it knows.
    private static bool BreaksAtWords => Array.IndexOf(CulturesWithWords, CultureInfo.CurrentCulture.TwoLetterISOLanguageName) >= 0;

    // Text that goes to another program has the width of the terminal too. Without a terminal, .NET says a width that is only a guess.
    private static int Columns
    {
        get
        {
            try
            {
                return Console.WindowWidth is var width && width == Guess && Console.IsOutputRedirected ? 0 : width;
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }
}
