using System.Buffers;

namespace Lythonic.Dag.Comparing;

/// <summary>
/// Matches the next elements of two lists, so that an element that only one of them has is one difference, and not one for each element
/// after it. Of all ways to match them it finds one with the fewest differences, and of these one that matches alike kinds of values.
/// </summary>
internal static class ListAlignment
{
    /// <summary>How many elements of each list are matched at a time.</summary>
    public const int Width = 256;

    // More than all elements of both lists can add for their kinds.
    private const int Difference = (2 * Width) + 1;

    /// <summary>The steps through the elements that were read ahead of both lists; at least one, if both have some.</summary>
    /// <param name="first">The first list.</param>
    /// <param name="second">The second list.</param>
    /// <remarks>
    /// What lies far ahead may be matched better when more has been read. So only the steps through the first half are returned, unless
    /// both lists have been read to their ends.
    /// </remarks>
    public static IReadOnlyList<ListStep> Find(ListSide first, ListSide second)
    {
        var (left, right) = (Hashed(first), Hashed(second));
        var (rows, columns) = (left.Length + 1, right.Length + 1);
        var costs = ArrayPool<int>.Shared.Rent(rows * columns);
        try
        {
            Fill(costs, left, right);
            var (row, column) = End(costs, rows, columns, first.IsAtEnd, second.IsAtEnd);
            var steps = Back(costs, left, right, row, column);
            return first.IsAtEnd && second.IsAtEnd ? steps : steps[..Half(steps, left.Length, right.Length)];
        }
        finally
        {
            ArrayPool<int>.Shared.Return(costs);
        }
    }

    private static (StoredPart Part, int Hash)[] Hashed(ListSide side) => [.. side.Ahead.Select(part => (part, HashOf(part)))];

    private static int HashOf(StoredPart part)
    {
        var hash = default(HashCode);
        hash.Add(part.Length);
        hash.AddBytes(part.Text.Span);
        return hash.ToHashCode();
    }

    private static int CostOf((StoredPart Part, int Hash) one, (StoredPart Part, int Hash) other) =>
        one.Hash == other.Hash && one.Part.Equals(other.Part) ? 0
            : one.Part.IsLike(other.Part) ? Difference
            : Difference + 1;

    // What the differences between the first elements of both cost, for each number of them.
    private static void Fill(int[] costs, (StoredPart, int)[] left, (StoredPart, int)[] right)
    {
        var columns = right.Length + 1;
        for (var column = 0; column < columns; column++)
            costs[column] = column * Difference;
        for (var row = 1; row <= left.Length; row++)
        {
            costs[row * columns] = row * Difference;
            for (var column = 1; column < columns; column++)
            {
                var at = (row * columns) + column;
                var both = costs[at - columns - 1] + CostOf(left[row - 1], right[column - 1]);
                costs[at] = Math.Min(both, Difference + Math.Min(costs[at - columns], costs[at - 1]));
            }
        }
    }

    // The last elements of the one list are matched with elements of the other that have not been read yet, unless it has ended.
    private static (int Row, int Column) End(int[] costs, int rows, int columns, bool isFirstAtEnd, bool isSecondAtEnd)
    {
        var best = (Row: rows - 1, Column: columns - 1);
        int CostOf((int Row, int Column) end) => costs[(end.Row * columns) + end.Column];
        if (!isSecondAtEnd)
        {
            for (var row = rows - 2; row > 0; row--)
                best = CostOf((row, columns - 1)) < CostOf(best) ? (row, columns - 1) : best;
        }

        if (!isFirstAtEnd)
        {
            for (var column = columns - 2; column > 0; column--)
                best = CostOf((rows - 1, column)) < CostOf(best) ? (rows - 1, column) : best;
        }

        return best;
    }

    private static List<ListStep> Back(int[] costs, (StoredPart, int)[] left, (StoredPart, int)[] right, int row, int column)
    {
        var columns = right.Length + 1;
        var steps = new List<ListStep>(row + column);
        while (row > 0 || column > 0)
        {
            var at = (row * columns) + column;
            var step = row == 0 ? ListStep.Second
                : column == 0 ? ListStep.First
                : costs[at] == costs[at - columns - 1] + CostOf(left[row - 1], right[column - 1]) ? ListStep.Both
                : costs[at] == costs[at - columns] + Difference ? ListStep.First
                : ListStep.Second;
            steps.Add(step);
            row -= step == ListStep.Second ? 0 : 1;
            column -= step == ListStep.First ? 0 : 1;
        }

        steps.Reverse();
        return steps;
    }

    private static int Half(List<ListStep> steps, int left, int right)
    {
        var count = 0;
        for (var (row, column) = (0, 0); count == 0 || (count < steps.Count && row < left / 2 && column < right / 2); count++)
        {
            row += steps[count] == ListStep.Second ? 0 : 1;
            column += steps[count] == ListStep.First ? 0 : 1;
        }

        return count;
    }
}
