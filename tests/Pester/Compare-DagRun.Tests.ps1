BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
    function Show-Difference { process { "$($_.Node) $($_.Change) $($_.Path) $($_.Reference) $($_.SideIndicator) $($_.Difference)" } }
}

AfterAll { Restore-TestSession }

Describe 'Compare-DagRun' {
    BeforeEach {
        $env:LYTHONIC_DAG_DB = New-DatabasePath
    }

    It 'writes nothing where nothing differs, so that a script can ask' {
        $dag = New-Dag same { Add-DagNode a { @{ x = 1; y = 2; z = 3 } }; Add-DagNode b -After a { param($t) $t.x } }
        $one, $other = 1..2 | ForEach-Object { $dag | Invoke-Dag }
        # A busy machine makes durations differ.
        Compare-DagRun $one $other | Where-Object Change -NE Duration | Should -BeNullOrEmpty
        Compare-DagRun $one $one | Should -BeNullOrEmpty
        Compare-DagRun $one $one -IncludeEqual | Show-Difference | Should -Be 'a    == ', 'b    == '
    }

    It 'says above its table which run is which, and of equal runs nothing to a script' {
        $dag = New-Dag which { Add-DagNode a { param($x) $x } }
        $one = $dag | Invoke-Dag -SourceInput @{ x = 1 } -Tag nightly
        $two, $three = 2, 3 | ForEach-Object { $dag | Invoke-Dag -SourceInput @{ x = $_ } }
        $lines = (Compare-DagRun $one $two | Out-String -Width 80) -split '\r?\n'
        $lines -match '^<=' | Should -Match "^<= Reference:  $($one.RunId.Substring(0, 8)) which, completed, \d\d:\d\d:\d\d, nightly$"
        $lines -match '^=>' | Should -Match "^=> Difference: $($two.RunId.Substring(0, 8)) which, completed, \d\d:\d\d:\d\d$"
        @((($one, $two, $three | Compare-DagRun | Where-Object Change -EQ Output | Out-String) -split '\r?\n') -match '^=> ') | Should -HaveCount 2 -Because 'each pair of runs has its own table'
        (Compare-DagRun $one $two | Select-Object -First 1 | Format-List | Out-String) | Should -Match "Runs +: <= Reference:  $($one.RunId.Substring(0, 8))"
        $kept = Join-Path $TestDrive 'kept.xml'
        Compare-DagRun $one $two | Export-Clixml $kept
        (Import-Clixml $kept | Out-String) | Should -Not -Match 'Reference: ' -Because 'a copy does not know the runs'
        Compare-DagRun $one $one *>&1 | Should -BeNullOrEmpty
        Compare-DagRun $one $one -Verbose 4>&1 | Should -Be "The run $($one.RunId.Substring(0, 8)) of 'which' was compared with itself."
    }

    It 'says where values differ, with the path inside them' {
        $dag = New-Dag values {
            Add-DagNode rows { param($price) , @([pscustomobject]@{ name = 'pear'; price = 3 }, [pscustomobject]@{ name = 'fig'; price = $price }) }
            Add-DagNode sum -After rows { param($r) ($r | Measure-Object price -Sum).Sum }
        }
        $one = $dag | Invoke-Dag -SourceInput @{ price = 10 }
        $other = $dag | Invoke-Dag -SourceInput @{ price = 12 }
        $found = Compare-DagRun $one.RunId $other.RunId | Where-Object Change -NE Duration
        $found | Show-Difference | Should -Be @(
            'rows Input $.price 10 <> 12', 'rows Output $[1].price 10 <> 12', 'sum Input $.r[1].price 10 <> 12', 'sum Output $ 13 <> 15')
        $found[0].Reference | Should -BeOfType int
    }

    It 'says what differs in how nodes ran: status, code, attempts, duration, and nodes of one run alone' {
        $other = New-Dag changed {
            Add-DagNode a { 1 + 0 }
            Add-DagNode b { if ($DagContext.Attempt -eq 1) { throw 'once' }; 2 } -RetryCount 1
            Add-DagNode slow { }
            Add-DagNode new { throw 'no' }
        } | Invoke-Dag -ContinueOnFailure -ErrorAction SilentlyContinue
        # On a busy machine, even a node that does nothing takes its time.
        $wait = 400 + 2 * $other.Nodes['slow'].Duration.TotalMilliseconds
        $one = New-Dag changed { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode gone { 3 }; Add-DagNode slow { Start-Sleep -Milliseconds $using:wait } } | Invoke-Dag
        $found = Compare-DagRun $one $other
        $found.Change | Sort-Object -Unique | Should -Be 'Code', 'Attempt', 'Duration', 'Only'
        $code = $found | Where-Object { $_.Node -eq 'a' -and $_.Change -eq 'Code' }
        $code.Reference, $code.Difference | Should -Be '{ 1 }', '{ 1 + 0 }'
        $attempt = $found | Where-Object Change -EQ Attempt
        $attempt.Node, $attempt.Reference, $attempt.Difference | Should -Be 'b', 1, 2
        ($found | Where-Object { $_.Node -eq 'slow' -and $_.Change -eq 'Duration' }).Reference | Should -BeOfType timespan
        @($found.Change)[-1] | Should -Be Duration -Because 'durations come last'
        $found | Where-Object Change -EQ Only | Show-Difference | Should -Be 'gone Only  completed <= ', 'new Only   => failed'
    }

    It 'says of nodes and elements that failed in what their errors differ, and nothing of equal ones' {
        $dag = New-Dag errors {
            Add-DagNode a { param($why) if ($why) { throw "no $why" } }
            Add-DagNode b { param($why) if ($why) { throw 'always' } }
            Add-DagNode c { param($why) if ($why) { Write-Error "little $why" }; 1 }
            Add-DagNode list { 1..4 }
            Add-DagNode each -After list -Map { if ($env:WHY -and $_ -gt 2) { throw "$_ has no $env:WHY in $($DagContext.RunId)" }; $_ }
        }
        function Ran($Why) {
            $env:WHY = $Why
            try { $dag | Invoke-Dag -SourceInput @{ why = $Why } -ContinueOnFailure -ErrorAction SilentlyContinue }
            finally { $env:WHY = $null }
        }
        $file, $again, $disk, $fine = 'file', 'file', 'disk', '' | ForEach-Object { Ran $_ }
        Compare-DagRun $file $again | Where-Object Change -NE Duration | Should -BeNullOrEmpty
        $found = Compare-DagRun $file $disk
        $found | Where-Object Change -EQ Error | ForEach-Object { "$($_.Node) $($_.SideIndicator) $($_.Reference -replace ' in .*') $($_.Difference -replace ' in .*')" } | Should -Be @(
            'a <> no file no disk', 'c <> little file little disk'
            'each[2]/each <> 3 has no file 3 has no disk', 'each[3]/each <> 4 has no file 4 has no disk')
        "$($found | Where-Object { $_.Node -eq 'a' -and $_.Change -eq 'Error' })" | Should -Be 'a Error no file → no disk'
        ($found | Out-String -Width 80) -split '\r?\n' -match '^a +Error +no file +<> no disk' | Should -HaveCount 1
        $found | Export-Dag -As Html | Should -BeLike '*<td>a</td><td>Error</td><td></td><td>no file</td><td>&lt;&gt;</td><td>no disk</td>*'
        Compare-DagRun $fine $disk | Where-Object { $_.Node -eq 'a' -and $_.Change -in 'Status', 'Error' } | Show-Difference | Should -Be 'a Status  completed <> failed', 'a Error   => no disk'
        Compare-DagRun $disk $fine | Where-Object { $_.Node -eq 'c' -and $_.Change -in 'Status', 'Error' } | Show-Difference | Should -Be 'c Error  little disk <= '
    }

    It 'says which run overrode the code of a node, and not what its elements lack' {
        $dag = New-Dag replaced { Add-DagNode load { 1, 2 }; Add-DagNode each -After load -Map { $_ }; Add-DagNode sum -After each { ($input | Measure-Object -Sum).Sum } }
        $own, $other = ($dag | Invoke-Dag), ($dag | Invoke-Dag -Override @{ load = { 1, 2 }; each = { 1, 2 } })
        $said = 'load Override  its own code <> overridden', 'each Override  its own code <> overridden'
        Compare-DagRun $own $other | Where-Object Change -NE Duration | Show-Difference | Should -Be $said
        Compare-DagRun $other ($dag | Invoke-Dag -Override @{ load = { 1, 2 }; each = { 1, 2 } }) | Where-Object Change -NE Duration | Should -BeNullOrEmpty
        Compare-DagRun $own ($other | Invoke-DagReplay -Node sum) | Where-Object { $_.Change -NE 'Duration' -and $_.Node -ne 'sum' } | Show-Difference | Should -Be $said
        ($other.Nodes | Out-String -Width 120) -split '\r?\n' -match '-Override' | Should -HaveCount 2
        ((Get-DagRun $other).Nodes | Out-String -Width 120) -split '\r?\n' -match 'note: ran the code of' | Should -HaveCount 2
    }

    It 'says once that an element was left out, and does not say it of the elements after it: <Flatten>' -ForEach @{ Flatten = $false; Places = @(2) }, @{ Flatten = $true; Places = 4, 5 } {
        $dag = New-Dag left {
            Add-DagNode numbers { param([int[]]$given) 1..7 } -OutputType int[]
            Add-DagNode each -After numbers -AllowFailure 1 -Flatten:$Flatten -Map { param([int]$n) if ($n -eq 3 -and $env:LEFT) { throw 'no' }; $n; if ($using:Flatten) { -$n } }
            Add-DagNode list -After each { param([object[]]$each) , $each }
        }
        $one = $dag | Invoke-Dag -SourceInput @{ given = 1 }
        try {
            $env:LEFT = 1
            $other = $dag | Invoke-Dag -SourceInput @{ given = 1 } -WarningAction SilentlyContinue
        }
        finally { $env:LEFT = $null }

        $found = Compare-DagRun $one $other | Where-Object Change -NE Duration
        ($found | Where-Object { $_.Node -eq 'each' -and $_.Change -eq 'Output' }).Path | Should -Be $Places.ForEach({ "`$[$_]" })
        ($found | Where-Object { $_.Node -eq 'list' }).Path | Should -Be ($Places.ForEach({ "`$.each[$_]" }) + $Places.ForEach({ "`$[$_]" }))
        ($found | Where-Object Node -Like 'each`[*').Node | Select-Object -Unique | Should -Be 'each[2]', 'each[2]/each'
    }

    It 'compares the runs of the pipeline with the first of them, and needs two' {
        $dag = New-Dag piped { Add-DagNode a { param($x) $x } }
        $runs = 1, 2, 2 | ForEach-Object { $dag | Invoke-Dag -SourceInput @{ x = $_ } }
        $runs | Compare-DagRun | Where-Object Change -EQ Output | Show-Difference | Should -Be (, 'a Output $ 1 <> 2' * 2)
        $runs[1, 2] | Compare-DagRun | Where-Object Change -NE Duration | Should -BeNullOrEmpty
        Set-EqualDuration $env:LYTHONIC_DAG_DB
        $runs[1..2].RunId | Compare-DagRun -IncludeEqual | Show-Difference | Should -Be 'a    == '
        $unkept = $dag | Invoke-Dag -SourceInput @{ x = 1 } -NoProvenance
        { $unkept | Compare-DagRun $runs[0] -ErrorAction Stop } | Should -Throw -ErrorId 'DagProvenanceRequired*'
        $runs[0] | Compare-DagRun -ErrorVariable said -ErrorAction SilentlyContinue
        $said[0].FullyQualifiedErrorId | Should -BeLike 'DagInputMissing*'
        "$($said[0])" | Should -Be "Only the run $($runs[0].RunId) came through the pipeline, and Compare-DagRun compares two: give the other one too."
    }

    It 'says once of a map what changed in what it runs for its elements' {
        function Made($Each, $Second) {
            New-Dag inside {
                Add-DagNode a { 1, 2, 3 }
                Add-DagNode each -After a -Map $Each
                Add-DagNode steps -After a -Map (New-Dag steps { Add-DagNode p { param($n) $n }; Add-DagNode q -After p $Second })
            } | Invoke-Dag
        }
        $one = Made { $_ } { $_ }
        $other = Made { $_ + 0 } { $_ + 1 }
        Set-EqualDuration $env:LYTHONIC_DAG_DB
        $found = Compare-DagRun $one $other -IncludeEqual
        $found | Where-Object { $_.Change -eq 'Code' -and $_.Node -ne 'steps' } | Show-Difference | Should -Be @(
            'each Code  { $_ } <> { $_ + 0 }', 'steps/q Code  { $_ } <> { $_ + 1 }')
        $found | Where-Object SideIndicator -EQ '==' | ForEach-Object Node | Should -Be 'a', 'steps[0]/p', 'steps[1]/p', 'steps[2]/p'
    }

    It 'matches elements by their key, whatever their order' {
        $dag = New-Dag keys {
            Add-DagNode table { param($given) $given } -OutputType hashtable
            Add-DagNode each -After table -Map { param([int]$n) $n * 10 }
        }
        $one = $dag | Invoke-Dag -SourceInput @{ given = [ordered]@{ pear = 1; fig = 2; plum = 3 } }
        $other = $dag | Invoke-Dag -SourceInput @{ given = [ordered]@{ lime = 4; fig = 5; pear = 1 } }
        Compare-DagRun $one $other | Where-Object { $_.Node -match '\[' -and $_.Change -ne 'Duration' } | Show-Difference | Sort-Object | Should -Be @(
            'each[fig]/each Input $.n 2 <> 5', 'each[fig]/each Output $ 20 <> 50', 'each[lime] Only   => completed', 'each[plum] Only  completed <= ')
    }

    It 'does not say that the nodes of Invoke-DagMap are equal if their elements are not' {
        $line = { $args[0] | Invoke-DagMap { $_ % 4 } -Name fed -ThrottleLimit 1 -RunVariable run | Out-Null; $run }
        $one, $same, $other, $more = (1, 2), (1, 2), (1, 6), (1, 2, 3) | ForEach-Object { . $line $_ }
        Set-EqualDuration $env:LYTHONIC_DAG_DB
        $equal = { Compare-DagRun $one $args[0] -IncludeEqual | Where-Object { $_.SideIndicator -eq '==' -and $_.Node -notlike '*`[*' } | ForEach-Object Node }
        & $equal $same | Should -Be input, each
        & $equal $other | Should -BeNullOrEmpty -Because 'the map gave the same, and took something else'
        & $equal $more | Should -BeNullOrEmpty
    }

    It 'has no difference in what was taken over: by a replay, element by element, and by reuse' {
        $dag = New-Dag taken {
            Add-DagNode a -Reuse { param($x) Start-Sleep -Milliseconds 250; $x }
            Add-DagNode each -After a -AllowFailure 1 -Map (New-Dag steps {
                    Add-DagNode p { param([int]$n) if ($n -eq 2) { throw 'no' }; $n }
                    Add-DagNode q { param($m) $m } -After p
                })
            Add-DagNode z { 5 } -After each
        }
        $one = $dag | Invoke-Dag -SourceInput @{ x = 1, 2 } -WarningAction Ignore
        Compare-DagRun $one ($one | Invoke-DagReplay -Node z) | Where-Object Node -NE z | Should -BeNullOrEmpty
        Compare-DagRun $one ($one | Invoke-DagReplay -Node each -FailedOnly -WarningAction Ignore) | Where-Object Change -NE Duration | Should -BeNullOrEmpty
        Compare-DagRun $one ($dag | Invoke-Dag -SourceInput @{ x = 1, 2 } -WarningAction Ignore) | Where-Object Node -EQ a | Should -BeNullOrEmpty
        $other = $dag | Invoke-Dag -SourceInput @{ x = 3 } -WarningAction Ignore
        Compare-DagRun $other ($one | Invoke-DagReplay -Node z) | Where-Object Node -EQ a | Show-Difference |
            Should -Be 'a Output $ 3 <> 1 2'
    }

    It 'takes runs from the pipeline, with their database' {
        $database = New-DatabasePath
        $dag = New-Dag piped { Add-DagNode a { param($x) $x } }
        $runs = 1..3 | ForEach-Object { $dag | Invoke-Dag -SourceInput @{ x = $_ } -DatabasePath $database }
        Get-DagRun -DatabasePath $database -First 2 | Compare-DagRun $runs[0] | Where-Object Change -EQ Output |
            ForEach-Object Difference | Should -Be 3, 2
    }

    It 'shows a table that fits, and makes a page' {
        $dag = New-Dag page { Add-DagNode a { param($x) $x } }
        $one, $other = '<b>', 'two' | ForEach-Object { $dag | Invoke-Dag -SourceInput @{ x = $_ } }
        $found = Compare-DagRun $one $other
        ($found | Out-String -Width 80) -split '\r?\n' -match '^a +Output +\$ +<b> +<> two' | Should -HaveCount 1
        $page = $found | Export-Dag -As Html
        $page | Should -BeLike '*<td>a</td><td>Output</td><td>$</td><td>&lt;b&gt;</td><td>&lt;&gt;</td><td>two</td>*'
        foreach ($run in $one, $other) { $page | Should -Match "<td>$($run.RunId)</td>" }
        $equal = Compare-DagRun $one $one | Export-Dag -As Html
        $equal | Should -Match 'The runs are equal: no node differs'
        $equal | Should -Match "<td>$($one.RunId)</td>"
        Get-DagRun -DagName nowhere | Export-Dag -As Html | Should -BeNullOrEmpty
        { $found | Export-Dag -As Dot } | Should -Throw -ErrorId 'DagTypeMismatch*'
        $file = $found | Export-Dag -Path (Join-Path $TestDrive 'differences.html')
        $file.Length | Should -BeGreaterThan 1000
    }

    It 'says which run alone has a part of a value' {
        $dag = New-Dag sides { Add-DagNode a -OutputType System.Collections.Specialized.OrderedDictionary { param($x) if (-not $x) { throw 'no' }; $x } }
        $one = $dag | Invoke-Dag -SourceInput @{ x = [ordered]@{ key = 1; list = 1, 2, 3; none = $null; set = [Collections.Generic.HashSet[int]]::new([int[]](1, 2)) } }
        $other = $dag | Invoke-Dag -SourceInput @{ x = [ordered]@{ list = 2, 3, 4; none = 5; set = [Collections.Generic.HashSet[int]]::new([int[]](2, 3)); new = $null } }
        $failed = $dag | Invoke-Dag -SourceInput @{ x = $false } -ErrorAction SilentlyContinue
        Compare-DagRun $one $other | Where-Object Change -EQ Output | Show-Difference | Sort-Object | Should -Be @(
            'a Output $.key 1 <= ', 'a Output $.list[0] 1 <= ', 'a Output $.list[2]  => 4', 'a Output $.new  => ', 'a Output $.none  <> 5', 'a Output $.set  => 3', 'a Output $.set 1 <= ')
        (Compare-DagRun $one $failed | Where-Object Change -EQ Output).SideIndicator | Should -Be '<='
        (Compare-DagRun $failed $one | Where-Object Change -EQ Output).SideIndicator | Should -Be '=>'
    }

    It 'shows values as people read them, and always what differs' {
        $dag = New-Dag shown { Add-DagNode a -OutputType System.Collections.Specialized.OrderedDictionary { param($x) $x } }
        $one = $dag | Invoke-Dag -SourceInput @{ x = [ordered]@{ double = 24.0; type = 24.0; long = 'x' * 200 + 'a'; day = [datetime]'2026-01-02'; tab = "a`tb"; null = $null } }
        $other = $dag | Invoke-Dag -SourceInput @{ x = [ordered]@{ double = 25.0; type = 24; long = 'x' * 200 + 'b'; day = [datetime]'2026-01-03'; tab = 'a b'; null = '$null' } }
        $found = Compare-DagRun $one $other | Where-Object Change -EQ Output
        ($found | Where-Object Path -EQ '$.day').Reference | Should -BeOfType datetime
        "$($found | Where-Object Path -EQ '$.type')" | Should -Be 'a Output $.type: 24 (Double) → 24 (Int32)'
        $lines = ($found | Out-String -Width 120) -split '\r?\n' -match '^a ' -replace '^a +Output +' -replace ' +', ' ' | ForEach-Object TrimEnd
        $lines | Should -Be @(
            '$.double 24 <> 25', '$.type [double] 24 <> [int] 24', '$.long …xxxxxxxxxxxa <> …xxxxxxxxxxxb'
            '$.day 2026-01-02 <> 2026-01-03', '$.tab "a\tb" <> "a b"', '$.null $null <> [string] $null')
        $found | Export-Dag -As Html | Should -BeLike '*<td>$.type</td><td>?double? 24</td><td>&lt;&gt;</td><td>?int? 24</td>*'
    }

    It 'counts the nodes of the run and the elements that differ on its page, and breaks no line inside a duration' {
        $dag = New-Dag counted {
            Add-DagNode a { param($x) 1, $x, ($x + 1) }
            Add-DagNode each -After a -Map (New-Dag inner { Add-DagNode p { param($n) $n }; Add-DagNode q -After p { param($m) $m } })
        }
        $one, $other = 5, 8 | ForEach-Object { $dag | Invoke-Dag -SourceInput @{ x = $_ } }
        Compare-DagRun $one $other | Where-Object Change -NE Duration | Export-Dag -As Html | Should -BeLike '*differences in 2 nodes and 2 elements.*'
        $all = Compare-DagRun $one $other
        $page = $all | Export-Dag -As Html
        $said = [regex]::Match($page, '<b>(\d+) differences in [^,<]*(?:, and (\d+) duration)?')
        [int]$said.Groups[1].Value + [int]$said.Groups[2].Value | Should -Be @($all).Count
        [regex]::Matches($page, '<tr><td>').Count | Should -Be @($all).Count
        $dag = New-Dag took { Add-DagNode a { param($x) [timespan]$x } }
        $one, $other = '0:01:21', '0:01:22' | ForEach-Object { $dag | Invoke-Dag -SourceInput @{ x = $_ } }
        $page = Compare-DagRun $one $other | Where-Object Change -EQ Output | Export-Dag -As Html
        $page | Should -BeLike '*<td><span class="time">1 min 21 s</span></td>*'
    }

    It 'says that a run was removed while it was compared' {
        $dag = New-Dag gone { Add-DagNode a { param($x) 1..50 | ForEach-Object { $_ * $x } } }
        $one, $other = 1, 2 | ForEach-Object { $dag | Invoke-Dag -SourceInput @{ x = $_ } }
        Compare-DagRun $one $other -ErrorVariable said -ErrorAction SilentlyContinue | ForEach-Object { $one | Remove-DagRun -Confirm:$false -ErrorAction Ignore }
        $said[0].FullyQualifiedErrorId | Should -BeLike 'DagRunNotFound*'
        "$($said[0])" | Should -Be "The run $($one.RunId) was removed from $($one.DatabasePath) while it was read."
    }

    It 'says which run is not there' {
        $run = New-Dag one { Add-DagNode a { 1 } } | Invoke-Dag
        Compare-DagRun $run nowhere -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'DagRunNotFound*'
    }
}
