using System.Globalization;

namespace Lythonic.Dag.Export;

/// <summary>Finds how wide the screen is that shows tables.</summary>
internal static class ScreenWidth
{
    private const int FullTable = 80;
    private const int Guess = 80;
    private const int WideTable = 120;
    private const int ErrorLines = 3;
    private const int LeastError = 84;
    private const int ErrorUnseen = 200;
    private const int MostError = 400;

    /// <summary>The kind of screen that a table is made for.</summary>
    public static ScreenKind Kind => Columns switch
    {
        0 => ScreenKind.Unseen,
        < FullTable => ScreenKind.Narrow,
        < WideTable => ScreenKind.Usual,
        _ => ScreenKind.Wide,
    };

    /// <summary>How long a text may be that takes a few lines beside the other columns of a table.</summary>
    /// <param name="taken">How many columns of the screen these take.</param>
    public static int RoomBeside(int taken) =>
        Columns is > 0 and var columns ? Math.Clamp(ErrorLines * (columns - taken), LeastError, MostError) : ErrorUnseen;

    /// <summary>
    /// The width of a column whose text must be broken at words. PowerShell breaks it itself, except if no culture is set, as on many
    /// servers. <see langword="null"/> if PowerShell does it, or nobody sees the screen.
    /// </summary>
    /// <param name="taken">How many columns of the screen the rest of the table takes.</param>
    public static int? FoldBeside(int taken) =>
        taken > 0 && CultureInfo.CurrentUICulture.Name.Length == 0 && Columns - taken is > 0 and var width ? width - 1 : null;

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
