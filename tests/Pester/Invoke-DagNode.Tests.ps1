BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Invoke-DagNode' {
    BeforeAll {
        $dag = New-Dag p {
            Add-DagNode a { 1 }
            Add-DagNode triple -After a { param([int]$x) $x * 3 }
            Add-DagNode list -After a -OutputType ([int[]]) { param([int]$n) for ($i = 0; $i -lt $n; $i++) { $i } }
            Add-DagNode bare -After a { "<$_>" }
            Add-DagNode root -Method ([Math]::Sqrt) -After a
            Add-DagNode each -Map { $_ * 2 } -After a
            Add-DagNode way -After a -Switch @{ up = { "up $_" }; down = { "down $_" } } -By { if ($_ -gt 0) { 'up' } else { 'down' } }
            Add-DagNode fails -After a { param($x) throw [IO.InvalidDataException]::new('bad data') }
            Add-DagNode constant -Parameter @{ y = 5 } -After a { param($x, $y) "$x $y" }
        }
    }

    It 'takes the DAG from the pipeline or by position, and the node by position, -Name or -Label' {
        $dag | Invoke-DagNode -Label triple -Parameter @{ x = 4 } | Should -Be 12
        Invoke-DagNode $dag triple -Parameter @{ x = 4 } | Should -Be 12
        Invoke-DagNode -Dag $dag -Name TRIPLE -Parameter @{ X = 4 } | Should -Be 12
    }

    It 'converts what it takes, as the DAG would' {
        $dag | Invoke-DagNode -Name triple -Parameter @{ x = '4' } | Should -Be 12
    }

    It 'gives a declared array of <Count> as the DAG passes it on' -ForEach @{ Count = 0 }, @{ Count = 1 }, @{ Count = 3 } {
        $result = Invoke-DagNode $dag list -Parameter @{ n = $Count }
        , $result | Should -BeOfType ([int[]])
        $result.Count | Should -Be $Count
    }

    It 'gives the one value of a node without param() under the key _' {
        $dag | Invoke-DagNode -Name bare -Parameter @{ _ = 'v' } | Should -Be '<v>'
    }

    It 'runs a method' {
        $dag | Invoke-DagNode -Name root -Parameter @{ d = 16 } | Should -Be 4
    }

    It 'runs a map and a switch' {
        # The array is one value, as the DAG passes it on.
        $doubled = $dag | Invoke-DagNode -Name each -Parameter @{ _ = 1..3 }
        $doubled | Should -Be 2, 4, 6
        $dag | Invoke-DagNode -Name way -Parameter @{ _ = -1 } | Should -Be 'down -1'
    }

    It 'keeps the constants of the node, and lets -Parameter win over them' {
        $dag | Invoke-DagNode -Name constant -Parameter @{ x = 1 } | Should -Be '1 5'
        $dag | Invoke-DagNode -Name constant -Parameter @{ x = 1; y = 2 } | Should -Be '1 2'
    }

    It 'throws what the node throws, as DagNodeFailed' {
        $problem = { $dag | Invoke-DagNode -Name fails -Parameter @{ x = 1 } } | Should -Throw -ErrorId 'DagNodeFailed*' -PassThru
        $problem.Exception.InnerException | Should -BeOfType ([IO.InvalidDataException])
    }

    It 'refuses <Case> with <Id>' -ForEach @(
        @{ Case = 'a node that is not there'; Id = 'DagNodeNotFound'; Call = { $dag | Invoke-DagNode -Name nope } }
        @{ Case = 'a parameter that is not there'; Id = 'DagSourceInputUnknown'; Call = { $dag | Invoke-DagNode -Name triple -Parameter @{ nope = 1 } } }
        @{ Case = 'a value that does not convert'; Id = 'DagTypeMismatch'; Call = { $dag | Invoke-DagNode -Name triple -Parameter @{ x = 'four' } } }
    ) {
        $Call | Should -Throw -ErrorId "$Id*"
    }

    It 'sees mocks of the test with -Inline' {
        Mock Get-Date { 'no time' }
        New-Dag p { Add-DagNode now { Get-Date } } | Invoke-DagNode -Name now -Inline | Should -Be 'no time'
        Should -Invoke Get-Date -Times 1 -Exactly
    }

    It 'gives the node''s warnings' {
        $null = New-Dag p { Add-DagNode w { Write-Warning careful } } | Invoke-DagNode -Name w -WarningVariable said -WarningAction SilentlyContinue
        $said.Message | Should -Be '[w] careful'
    }

    It 'keeps nothing' {
        $null = $dag | Invoke-DagNode -Name triple -Parameter @{ x = 4 }
        $env:LYTHONIC_DAG_DB | Should -Not -Exist
    }

    It 'completes labels of the DAG' {
        $global:completedDag = New-Dag completed { Add-DagNode triangle { 1 } }
        try {
            $text = 'Invoke-DagNode $completedDag -Name tri'
            (TabExpansion2 $text $text.Length).CompletionMatches.CompletionText | Should -Contain triangle
        }
        finally { Remove-Variable completedDag -Scope Global }
    }
}
